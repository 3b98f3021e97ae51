/** Chats, their trees, folders and the trash on a real database, without a core round them. */
import { join } from 'node:path'
import { silentLog, temporaryFolder } from '../core.fixture.ts'
import { openDatabase } from '../database/open-database.ts'
import { FoldersRepository } from '../folders/folders-repository.ts'
import { FoldersService } from '../folders/folders-service.ts'
import { ChatsRepository } from './chats-repository.ts'
import { ChatsService } from './chats-service.ts'
import { MessageTreeRepository } from './message-tree-repository.ts'
import { MessageTreeService } from './message-tree-service.ts'
import { TrashRepository } from './trash-repository.ts'
import { TrashService } from './trash-service.ts'

export function chatServices() {
  const data = temporaryFolder()
  const database = openDatabase(join(data.path, '数据 test　.db'))
  const deleted: string[] = []
  const start = () => {
    const chats = new ChatsService(new ChatsRepository(database), data.path, silentLog)
    const folders = new FoldersService(new FoldersRepository(database), chats)
    return {
      chats,
      folders,
      messageTree: new MessageTreeService(new MessageTreeRepository(database), chats),
      trash: new TrashService(new TrashRepository(database), chats, folders, async (ids) => void deleted.push(...ids)),
    }
  }
  const services = start()

  /** A message of the person with one complete answer. */
  function turn(chatId: string, parentId: string | null, text: string) {
    const { question, answers } = services.chats.addQuestion(chatId, parentId, { text })
    const answer = services.chats.saveAnswer({ ...answers[0], text: `re: ${text}`, status: 'complete' })
    return { question, answer }
  }

  return {
    ...services,
    database,
    /** Chats that were reported as gone for good. */
    deleted,
    turn,
    /** Services as a new start makes them. */
    restart: start,
    close: () => {
      services.chats.close()
      database.close()
      data.remove()
    },
  }
}
