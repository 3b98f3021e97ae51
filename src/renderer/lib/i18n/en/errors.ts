/** For each code of the contract: what happened, to what, and what to do. `failureSentence` fills them. */
export const errors = {
  NOT_FOUND: 'This {{what}} is no longer there. It may have been deleted in another window.',
  UNSUPPORTED: 'Yangtuo cannot do that in a browser. Use the desktop window for it.',
  FILE_MISSING: '{{path}} is not there. It may have been moved or renamed; open it from its new place.',
  FILE_IS_FOLDER: '{{path}} is a folder. Choose the .gguf file inside it.',
  FILE_UNREADABLE: 'The system does not let Yangtuo read {{path}} ({{reason}}). Check its permissions.',
  NOT_GGUF: '{{path}} is not a GGUF file. Yangtuo runs models in the GGUF format.',
  FILE_TRUNCATED:
    '{{path}} is incomplete: {{actualSize}} of {{expectedSize}} are there. Download it again, or wait until the download ends.',
  FILE_DAMAGED: '{{path}} is damaged ({{detail}}). Download it again.',
  ARCHITECTURE_UNSUPPORTED:
    '{{path}} has the architecture “{{architecture}}”, which this version of llama.cpp does not know. Choose another model.',
  NOT_A_LANGUAGE_MODEL: '{{path}} is a GGUF file, but holds no model that can answer ({{kind}}). Choose a language model.',
  NOT_ENOUGH_MEMORY:
    '{{path}} needs about {{neededSize}} of memory, and {{availableSize}} are free. Close other programs, or choose a smaller quantization.',
  LOAD_FAILED: 'llama.cpp could not load {{path}}: {{detail}}. Choose another file, or another back end in Settings.',
  LOAD_CANCELLED: 'Loading {{path}} was cancelled.',
  ENGINE_CRASHED: 'The process running {{model}} ended unexpectedly ({{reason}}). It starts again with your next message.',
  ENGINE_UNSTABLE:
    '{{model}} ended unexpectedly three times in a row ({{reason}}). Load it again by hand, choose another model, or try the CPU back end in Settings.',
  NO_MODEL: 'No model is chosen. Choose one at the top of the window.',
  PROMPT_TOO_LONG:
    'The message and what comes before it are {{promptTokens}} tokens; the context holds {{contextSize}}. Shorten the message, or begin a new chat.',
  TEMPLATE_FAILED: 'The chat template of this model could not be applied: {{detail}}. Choose another model.',
  CHAT_BUSY: 'An answer is still being written. Wait for its end, or stop it.',
  DISK_FULL: 'The disk is full: {{path}} could not be saved. Free some space and try again; what you wrote is still here.',
  UPLOAD_REFUSED: '{{name}} was not accepted. Only .gguf files can be added.',
  INTERNAL: 'Something unexpected happened. The log has the details{{logReference}}.',
  CONNECTION_LOST: 'The connection to Yangtuo is lost. Try again when it is back.',
  what: { chat: 'chat', message: 'message', model: 'model' },
  logReference: ' under {{logId}}',
}
