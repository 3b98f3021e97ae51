import type { Procedures } from '../procedures.ts'
import type { FitService } from './fit-service.ts'

export function fitHandlers({ fit: procedures }: Procedures, fit: FitService) {
  return {
    machine: procedures.machine.handler(() => fit.machine()),
    estimate: procedures.estimate.handler(({ input }) => fit.estimate(input.targets, input.settings)),
  }
}
