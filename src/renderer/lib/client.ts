/** The contract as functions: `await client.chats.create({})`. Failures: see `failure.ts`. */
import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { contract } from '../../shared/contract/index.ts'
import { link } from './link.ts'

export const client: ContractRouterClient<typeof contract> = createORPCClient(link)
