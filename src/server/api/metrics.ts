/** What Prometheus reads at `/metrics`: of this server's requests, and of the process it runs in. */
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ApiServices } from '../../core/api-server/api-services.ts'
import type { Inference } from '../../core/inference/inference.ts'
import type { ApiEnv } from './api-env.ts'

const requestSeconds = [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300]
const queueSeconds = [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60]

export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = this.#add(Counter, {
    name: 'yangtuo_http_requests_total',
    help: 'Requests that ended, by protocol, endpoint and HTTP status (499: the client left)',
    labelNames: ['protocol', 'endpoint', 'status'],
  })
  readonly #durations = this.#add(Histogram, {
    name: 'yangtuo_http_request_duration_seconds',
    help: 'From the head of a request to the end of its answer',
    labelNames: ['protocol', 'endpoint'],
    buckets: requestSeconds,
  })
  readonly #tokens = this.#add(Counter, {
    name: 'yangtuo_tokens_total',
    help: 'Tokens read (in) and written (out)',
    labelNames: ['direction'],
  })
  readonly #queue = this.#add(Histogram, {
    name: 'yangtuo_queue_seconds',
    help: 'Waiting for a free slot of the model',
    buckets: queueSeconds,
  })

  constructor({ inference, activity }: ApiServices) {
    const requests = (waits: boolean) =>
      activity.now().requests.filter(({ phase }) => (phase === 'waiting' || phase === 'loading') === waits).length
    this.#addGauge('yangtuo_requests_running', 'Requests that a model works on', () => requests(false))
    this.#addGauge('yangtuo_requests_waiting', 'Requests that wait for a slot or a load', () => requests(true))
    this.#addGauge('yangtuo_models_loaded', 'Models that are loaded', () => {
      return new Set(inference.models().flatMap(({ isLoaded, modelId }) => (isLoaded ? [modelId] : []))).size
    })
    this.#addGauge('process_resident_memory_bytes', 'Memory of this process, without the engines', () => {
      return process.memoryUsage.rss()
    })
    this.#addGauge('nodejs_heap_size_used_bytes', 'Of it, what JavaScript uses', () => process.memoryUsage().heapUsed)
    this.#addGauge('process_uptime_seconds', 'Since the process started', () => process.uptime())
    // A counter by nature, but one that the system counts.
    this.#addGauge('process_cpu_seconds_total', 'Processor time of this process', () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    })
  }

  /** Counts every request, also those that are refused, when its answer has ended. */
  readonly count: MiddlewareHandler<ApiEnv> = async (c, next) => {
    const { outgoing } = c.env
    const startedAt = performance.now()
    outgoing.once('close', () => {
      const labels = { protocol: c.var.protocol, endpoint: endpointOf(c) }
      const status = outgoing.writableFinished ? outgoing.statusCode : 499
      this.#requests.inc({ ...labels, status })
      this.#durations.observe(labels, (performance.now() - startedAt) / 1000)
    })
    await next()
  }

  /** The same, with its tokens and waits counted. */
  observe(inference: Inference): Inference {
    const tokens = this.#tokens
    const queue = this.#queue
    return {
      models: () => inference.models(),
      find: (name) => inference.find(name),
      countTokens: (...input) => inference.countTokens(...input),
      async *generate(...input) {
        for await (const event of inference.generate(...input)) {
          if (event.type === 'end') {
            tokens.inc({ direction: 'in' }, event.usage.promptTokens)
            tokens.inc({ direction: 'out' }, event.usage.answerTokens)
            queue.observe(event.timings.queueMs / 1000)
          }
          yield event
        }
      },
      async embed(...input) {
        const embedded = await inference.embed(...input)
        tokens.inc({ direction: 'in' }, embedded.promptTokens)
        return embedded
      },
    }
  }

  async answer(c: Context<ApiEnv>): Promise<Response> {
    return c.body(await this.#registry.metrics(), 200, { 'content-type': this.#registry.contentType })
  }

  #add<Metric, Options extends object>(
    Kind: new (options: Options & { registers: Registry[] }) => Metric,
    options: Options,
  ): Metric {
    return new Kind({ ...options, registers: [this.#registry] })
  }

  #addGauge(name: string, help: string, value: () => number): void {
    this.#add(Gauge, {
      name,
      help,
      collect(this: Gauge) {
        this.set(value())
      },
    })
  }
}

/** The route and not the path, of which there are as many as anybody likes to send. */
function endpointOf(c: Context<ApiEnv>): string {
  return matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path ?? 'other'
}
