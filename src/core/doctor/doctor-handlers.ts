import type { Procedures } from '../procedures.ts'
import type { DoctorService } from './doctor-service.ts'

export function doctorHandlers({ doctor: procedures }: Procedures, doctor: DoctorService) {
  return {
    report: procedures.report.handler(({ input }) => doctor.report(input.modelId)),
    examine: procedures.examine.handler(({ input }) => doctor.examine(input.modelId, input.probe)),
    fix: procedures.fix.handler(({ input }) => doctor.fix(input.modelId, input.code)),
  }
}
