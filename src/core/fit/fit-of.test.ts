import { expect, test } from 'vitest'
import type { EstimateResult } from '../../shared/engine/messages.ts'
import { fitOf } from './fit-of.ts'

const estimate: EstimateResult = {
  weightsBytes: 800e6,
  kvCacheBytes: 150e6,
  buffersBytes: 50e6,
  draftBytes: 0,
  adaptersBytes: 0,
  gpuBytes: 0,
  contextSize: 4096,
  slots: 1,
  gpuLayers: 0,
  totalLayers: 33,
}
const nothingMeasured = { correction: 1, measuredBytes: null, speeds: { cpu: null, gpu: null } }

function fit(changes: Partial<EstimateResult>, freeRamBytes: number, gpuBytes = 0, freeGpuBytes = gpuBytes) {
  return fitOf({ ...estimate, ...changes }, { freeRamBytes, gpuBytes, freeGpuBytes }, nothingMeasured)
}

test('The last byte decides whether it fits', () => {
  expect(fit({}, 1000e6)).toMatchObject({ verdict: 'fits-cpu', isTight: true, totalBytes: 1000e6 })
  expect(fit({}, 1000e6 - 1)).toMatchObject({ verdict: 'too-large', isTight: false })
  expect(fit({}, 1120e6).isTight).toBe(false)
})

test('What is on the card needs no memory beside it', () => {
  const onCard = { gpuBytes: 900e6, gpuLayers: 33 }
  expect(fit(onCard, 100e6, 900e6).verdict).toBe('fits-gpu')
  expect(fit(onCard, 99e6, 2000e6).verdict).toBe('too-large')
  expect(fit(onCard, 2000e6, 899e6).verdict).toBe('too-large')
  expect(fit({ gpuBytes: 500e6, gpuLayers: 20 }, 500e6, 500e6).verdict).toBe('partly-gpu')
})

test('A card without memory of its own takes it from the system', () => {
  const unified = { gpuBytes: 900e6, gpuLayers: 33 }
  expect(fit(unified, 1000e6).verdict).toBe('fits-gpu')
  expect(fit(unified, 999e6).verdict).toBe('too-large')
})

test('A correction counts for the verdict', () => {
  const machine = { freeRamBytes: 1099e6, gpuBytes: 0, freeGpuBytes: 0 }
  const corrected = fitOf(estimate, machine, { ...nothingMeasured, correction: 1.1 })
  expect(corrected).toMatchObject({ verdict: 'too-large', totalBytes: 1100e6, correction: 1.1 })
})

test('Tokens per second follow the weights, and are not guessed for a card nobody measured', () => {
  const machine = { freeRamBytes: 2e9, gpuBytes: 0, freeGpuBytes: 0 }
  const speed = (changes: Partial<EstimateResult>, speeds: { cpu: number | null; gpu: number | null }) =>
    fitOf({ ...estimate, ...changes }, machine, { ...nothingMeasured, speeds }).expectedTokensPerSecond
  expect(speed({}, { cpu: 16e9, gpu: null })).toBeCloseTo(20)
  expect(speed({ gpuLayers: 33 }, { cpu: 16e9, gpu: null })).toBeNull()
  expect(speed({ gpuLayers: 33 }, { cpu: 16e9, gpu: 160e9 })).toBeCloseTo(200)
  expect(speed({ weightsBytes: 3e6 }, { cpu: 16e9, gpu: null })).toBeNull()
})
