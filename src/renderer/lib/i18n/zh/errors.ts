import type { errors as english } from '../en/errors.ts'
import type { Messages } from '../messages.ts'

export const errors: Messages<typeof english> = {
  NOT_FOUND: '这个{{what}}已经不在了，可能在别的窗口里被删除了。',
  UNSUPPORTED: '在浏览器里做不到这一步，请改用桌面窗口。',
  FILE_MISSING: '找不到 {{path}}。它可能被移动或改名了，请从新的位置打开。',
  FILE_IS_FOLDER: '{{path}} 是一个文件夹。请选择里面的 .gguf 文件。',
  FILE_UNREADABLE: '系统不允许读取 {{path}}（{{reason}}）。请检查它的权限。',
  NOT_GGUF: '{{path}} 不是 GGUF 文件。羊驼只能运行 GGUF 格式的模型。',
  FILE_TRUNCATED: '{{path}} 不完整：应有 {{expectedSize}}，只有 {{actualSize}}。请重新下载，或等下载结束。',
  FILE_DAMAGED: '{{path}} 已损坏（{{detail}}）。请重新下载。',
  ARCHITECTURE_UNSUPPORTED: '{{path}} 的架构是“{{architecture}}”，这一版 llama.cpp 不认识。请换一个模型。',
  NOT_A_LANGUAGE_MODEL: '{{path}} 是 GGUF 文件，但里面不是能回答问题的模型（{{kind}}）。请选择语言模型。',
  NOT_ENOUGH_MEMORY:
    '{{path}} 大约需要 {{neededSize}} 内存，现在空闲 {{availableSize}}。请关闭其他程序，或选择更小的量化版本。',
  LOAD_FAILED: 'llama.cpp 无法载入 {{path}}：{{detail}}。请换一个文件，或在设置里换一种后端。',
  LOAD_CANCELLED: '已取消载入 {{path}}。',
  ENGINE_CRASHED: '运行 {{model}} 的进程意外退出了（{{reason}}）。发送下一条消息时会重新启动。',
  ENGINE_UNSTABLE: '{{model}} 连续三次意外退出（{{reason}}）。请手动重新载入、换一个模型，或在设置里改用 CPU 后端。',
  NO_MODEL: '还没有选择模型。请在窗口顶部选择一个。',
  PROMPT_TOO_LONG:
    '这条消息连同前文共 {{promptTokens}} 个 token，上下文只能容纳 {{contextSize}} 个。请缩短消息，或开始新对话。',
  TEMPLATE_FAILED: '这个模型的对话模板无法使用：{{detail}}。请换一个模型。',
  CHAT_BUSY: '回答还没有写完。请等它结束，或先停止它。',
  DISK_FULL: '磁盘已满，无法保存 {{path}}。请腾出空间后重试；你写的内容还在。',
  UPLOAD_REFUSED: '没有接受 {{name}}。只能添加 .gguf 文件。',
  INTERNAL: '发生了意外的错误，详情见日志{{logReference}}。',
  CONNECTION_LOST: '与羊驼的连接断开了，请在恢复之后重试。',
  what: { chat: '对话', message: '消息', model: '模型' },
  logReference: '（编号 {{logId}}）',
}
