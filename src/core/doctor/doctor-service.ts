/**
 * Examines models: by the file, which the library does for every model that is added, and by putting
 * three questions to the loaded model. A fix is kept as the model's own override, and the file is
 * examined again.
 */
import type { Finding, ProbeAnswer, Report } from '../../shared/contract/doctor.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { ModelLibrary } from '../models/model-library.ts'
import type { ModelsService } from '../models/models-service.ts'
import { probeFinding, probePrompts, probeSampling } from './probe.ts'

export class DoctorService {
  readonly #library: ModelLibrary
  readonly #models: ModelsService

  constructor(library: ModelLibrary, models: ModelsService) {
    this.#library = library
    this.#models = models
  }

  /** null if it was never examined. Throws NOT_FOUND. */
  report(modelId: string): Report | null {
    this.#library.get(modelId)
    return this.#library.repository.report(modelId)
  }

  /** A base model is not asked: it has no turns to end. Rejects with the codes of `doctor.examine`. */
  async examine(modelId: string, withProbe: boolean): Promise<Report> {
    const report = await this.#library.examine(modelId)
    const isAsked = withProbe && this.#library.get(modelId).kind === 'chat'
    return this.#save(report, isAsked ? await this.#probe(modelId) : report.probe)
  }

  /** Answers from before the fix are forgotten. Rejects with the codes of `doctor.fix`; NOT_FOUND if there is no fix. */
  async fix(modelId: string, code: Finding['code']): Promise<Report> {
    const { loadOverrides } = this.#library.get(modelId)
    const fix = this.report(modelId)?.findings.find((finding) => finding.code === code)?.fix
    if (!fix) throw new AppFailure('NOT_FOUND', { what: 'finding', id: code })
    if (fix.loadOverrides) this.#library.saveLoadOverrides(modelId, { ...loadOverrides, ...fix.loadOverrides })
    if (fix.kind) this.#library.setKind(modelId, fix.kind)
    return this.#save(await this.#library.examine(modelId), null)
  }

  #save(report: Report, probe: ProbeAnswer[] | null): Report {
    const { loadOverrides } = this.#library.get(report.modelId)
    const findings = probe ? [...report.findings, probeFinding(probe, loadOverrides)] : report.findings
    const saved = { ...report, findings, probe }
    this.#library.saveReport(report.modelId, saved)
    return saved
  }

  /** One question after the other, each without the ones before it. */
  async #probe(modelId: string): Promise<ProbeAnswer[]> {
    await this.#models.unloadIfChanged(modelId)
    const answers: ProbeAnswer[] = []
    for (const prompt of probePrompts) {
      const request = { prompt: { messages: [{ role: 'user' as const, text: prompt }] }, sampling: probeSampling }
      let answer = ''
      const result = await this.#models.use(this.#library.get(modelId), `doctor ${modelId}`, {}, (engine) =>
        engine.generate(request, { onText: (text) => void (answer += text) }),
      )
      if (!result) throw new Error('The turn was given up, which nobody asked for')
      answers.push({ prompt, answer, answerTokens: result.answerTokens, hasStopped: result.stopReason === 'end' })
    }
    return answers
  }
}
