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
    'The message and what comes before it are {{promptTokens}} tokens{{reserve}}; the context holds {{contextSize}}. Shorten the message, or begin a new chat.',
  TEMPLATE_FAILED: 'The chat template of this model could not be applied: {{detail}}. Choose another model.',
  GRAMMAR_INVALID: 'The answer format cannot be used: {{detail}}. Check the JSON schema or the grammar under Sampling.',
  FOLDER_INSIDE_ITSELF: 'A folder cannot be moved into itself or into a folder below it. Choose another place.',
  READ_ONLY_PRESET: '“{{name}}” comes with the app and cannot be changed. Duplicate it and change the copy.',
  IMPORT_UNREADABLE: '{{name}} cannot be imported: {{importReason}} Nothing was changed.',
  PRESET_FILE_INVALID: '{{fileName}} is not a usable preset file ({{detail}}). Nothing was imported; choose another file.',
  CHAT_BUSY: 'An answer is still being written. Wait for its end, or stop it.',
  INFILL_UNSUPPORTED: '{{model}} was not trained to fill in text between two others. Leave out the suffix, or use another model.',
  MODEL_UNKNOWN: 'There is no model named “{{name}}”. Look the names up on the Server page or with “yangtuo list”.',
  MODEL_NOT_LOADED: '{{name}} is not loaded, and requests may not load models. Load it first, or allow loading on demand.',
  SERVER_BUSY: '{{waiting}} requests are waiting for {{model}} already. Try again later.',
  REQUEST_INVALID: 'The request cannot be used: {{field}} {{detail}}',
  HOST_REFUSED: 'Requests to {{host}} are not answered here. Add this name to the server’s own names if it is yours.',
  ORIGIN_REFUSED: 'Pages of {{origin}} may not use this server. Allow this origin in the server’s settings if you trust it.',
  API_KEY_NEEDED: 'An API key is needed. Send it as: Authorization: Bearer YOUR_KEY',
  API_KEY_WRONG: 'This API key is not known. It may have been removed; create a new one on the server page.',
  SCOPE_MISSING: 'This API key does not have the permission {{scope}}.',
  PATH_UNKNOWN: 'There is nothing at {{path}}.',
  METHOD_REFUSED: '{{path}} does not take {{method}} requests.',
  REQUEST_TOO_LARGE: 'The request is larger than {{maxSize}}.',
  ENCODING_UNSUPPORTED: 'The content encoding {{encoding}} is not supported. Send the body as it is.',
  REQUEST_TIMEOUT: 'The request came too slowly and was given up.',
  PROMPT_LOG_OFF: 'The log of prompts is off. It can be switched on on the server page, or with: yangtuo config set apiLogsPrompts true',
  PORT_IN_USE: 'Port {{port}} is used by another program. Choose another port, or end that program.',
  ADDRESS_UNAVAILABLE: 'The server cannot listen on {{host}} ({{reason}}). Choose an address of this computer.',
  API_KEY_MISSING: 'Other computers could reach the server on {{host}}, so it needs a key first. Create one, then switch it on.',
  DISK_FULL: 'The disk is full: {{path}} could not be saved. Free some space and try again; what you wrote is still here.',
  PART_MISSING:
    '{{path}} is missing. This model comes in several files: put them into the same folder, or download it again.',
  ADAPTER_UNUSABLE: 'The adapter {{path}} cannot be used as it is: {{adapterReason}}',
  DRAFT_UNUSABLE: '{{path}} cannot be the draft model: {{draftReason}}',
  LOAD_SETTING_REFUSED:
    '{{path}} does not work with this load setting ({{setting}}): {{detail}}. Set it back to its default.',
  READ_ONLY_MODEL: '{{path}} belongs to another app. Yangtuo only reads it; delete it there.',
  TRASH_FAILED: '{{path}} could not be moved to the trash ({{reason}}). The file is still where it was.',
  FOLDER_UNREADABLE: 'The folder {{path}} cannot be read ({{reason}}). Check that it exists and may be read.',
  NOT_ENOUGH_SPACE:
    'There is not enough space for {{path}}: {{neededSize}} more are needed, {{availableSize}} are free. Free some space, or choose another models folder in the settings.',
  OFFLINE: 'There is no network connection. Models on this computer work as before; try again when you are online.',
  HOST_UNREACHABLE:
    '{{host}} cannot be reached ({{reason}}). Check the network, or choose another source in the settings.',
  HUB_UNAUTHORIZED:
    '{{host}} refused access to {{repository}}: it needs a valid access token. Enter one in the settings.',
  HUB_GATED:
    'The licence of {{repository}} must be accepted on its page first: {{url}}. Then try again with that account’s access token.',
  HUB_NOT_FOUND: '{{host}} has no {{name}}. Check the name, or choose another source.',
  HUB_BUSY: '{{host}} is too busy now ({{status}}). Try again later, or choose another source.',
  HUB_FAILED: '{{host}} gave an answer that makes no sense: {{detail}}. Try again later, or choose another source.',
  REFERENCE_INVALID:
    '“{{text}}” is not understood. Enter “publisher/repository”, “publisher/repository:Q4_K_M”, or the address of a model’s page.',
  NO_GGUF: '{{repository}} has no such GGUF file. Choose another repository; their names often end in GGUF.',
  DOWNLOAD_STALLED:
    'No data came from {{host}} for a long time. What was received is kept: resume, or choose another source.',
  CHECKSUM_MISMATCH:
    '{{fileName}} does not match its checksum: it was damaged or replaced on the way, and was deleted. Download it again, or choose another source.',
  FILE_CHANGED:
    '{{fileName}} was replaced by its publisher during the download. The old part was deleted; download it again.',
  UPLOAD_REFUSED: '{{name}} was not accepted. Only .gguf files can be added.',
  INTERNAL: 'Something unexpected happened. The log has the details{{logReference}}.',
  CONNECTION_LOST: 'The connection to Yangtuo is lost. Try again when it is back.',
  what: {
    chat: 'chat',
    message: 'message',
    model: 'model',
    download: 'download',
    folder: 'folder',
    'catalog-entry': 'catalog entry',
    finding: 'finding',
    'chat-folder': 'folder',
    preset: 'preset',
    attachment: 'attachment',
    file: 'file',
  },
  adapterReason: {
    'hugging-face-format':
      'it is in Hugging Face’s format ({{detail}}), and llama.cpp takes GGUF adapters only. Convert it with convert_lora_to_gguf.py, or merge it into the model first.',
    'whole-layers':
      'it holds the whole {{detail}}, not only low-rank matrices, which llama.cpp cannot add. Merge it into the model and convert that to GGUF.',
    architecture: 'it was trained for another architecture ({{detail}}).',
    missing: 'the file is not there any more.',
  },
  draftReason: {
    vocabulary: 'its vocabulary differs from this model’s. Choose a small model of the same family.',
    missing: 'the file is not there any more.',
  },
  importReason: {
    unknown: 'it is none of the formats that are known here.',
    empty: 'it is empty.',
    damaged: 'it is damaged, and nothing in it can be read.',
    refused: 'it unpacks to far more than a file of chats would.',
    'raw-database': 'it holds database files of Cherry Studio, which only that app can read. Make the backup with an older version of it.',
    'too-large': 'it is larger than 4 GB.',
  },
  reserve: ', and {{reservedTokens}} are kept free for the answer',
  logReference: ' under {{logId}}',
}
