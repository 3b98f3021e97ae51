/**
 * What each family's prompt must be, in tokens of real vocabularies. Not made by this program: the prompts were
 * written out by hand as the projects' own scripts write them, and cut by other tokenizers: those of Llama 3 and
 * Qwen 2 by tiktoken with the ranks of the vocabulary, those of Llama 2 by sentencepiece with its scores, each
 * stretch between control tokens alone. Above each line stands the text that it is.
 */
export const templateTokens = {
  'llama-3-instruct': {
    oneTurn: [
      // <|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>
      128000, 128006, 882, 128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
    oneTurnWithSystem: [
      // <|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief. 简短。<|eot_id|>
      128000, 128006, 9125, 128007, 271, 3513, 10015, 13, 108166, 222, 106649, 1811, 128009,
      // <|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>
      128006, 882, 128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
    twoTurns: [
      // <|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>
      128000, 128006, 882, 128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\nHi there.<|eot_id|>
      128006, 78191, 128007, 271, 13347, 1070, 13, 128009,
      // <|start_header_id|>user<|end_header_id|>\n\nWho are you? 🦙<|eot_id|>
      128006, 882, 128007, 271, 15546, 527, 499, 30, 11410, 99, 247, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
    threeTurnsWithSystem: [
      // <|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief. 简短。<|eot_id|>
      128000, 128006, 9125, 128007, 271, 3513, 10015, 13, 108166, 222, 106649, 1811, 128009,
      // <|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>
      128006, 882, 128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\nHi there.<|eot_id|>
      128006, 78191, 128007, 271, 13347, 1070, 13, 128009,
      // <|start_header_id|>user<|end_header_id|>\n\nWho are you? 🦙<|eot_id|>
      128006, 882, 128007, 271, 15546, 527, 499, 30, 11410, 99, 247, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n羊驼。<|eot_id|>
      128006, 78191, 128007, 271, 123815, 77180, 120, 1811, 128009,
      // <|start_header_id|>user<|end_header_id|>\n\n  2+2 = ?\n<|eot_id|>
      128006, 882, 128007, 271, 220, 220, 17, 10, 17, 284, 18072, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
  },
  'shareai-v1': {
    oneTurn: [
      // <|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>
      128000, 128006, 882, 128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
    oneTurnWithSystem: [
      // <|begin_of_text|><<SYS>>\nBe brief. 简短。\n<</SYS>>\n\n<|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|
      // >
      128000, 2501, 39031, 40171, 3513, 10015, 13, 108166, 222, 106649, 9174, 27, 524, 39031, 58645, 128006, 882,
      128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
    twoTurns: [
      // <|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>
      128000, 128006, 882, 128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\nHi there.<|end_of_text|>
      128006, 78191, 128007, 271, 13347, 1070, 13, 128001,
      // \n<|start_header_id|>user<|end_header_id|>\n\nWho are you? 🦙<|eot_id|>
      198, 128006, 882, 128007, 271, 15546, 527, 499, 30, 11410, 99, 247, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
    threeTurnsWithSystem: [
      // <|begin_of_text|><<SYS>>\nBe brief. 简短。\n<</SYS>>\n\n<|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|
      // >
      128000, 2501, 39031, 40171, 3513, 10015, 13, 108166, 222, 106649, 9174, 27, 524, 39031, 58645, 128006, 882,
      128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\nHi there.<|end_of_text|>
      128006, 78191, 128007, 271, 13347, 1070, 13, 128001,
      // \n<|start_header_id|>user<|end_header_id|>\n\nWho are you? 🦙<|eot_id|>
      198, 128006, 882, 128007, 271, 15546, 527, 499, 30, 11410, 99, 247, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n羊驼。<|end_of_text|>
      128006, 78191, 128007, 271, 123815, 77180, 120, 1811, 128001,
      // \n<|start_header_id|>user<|end_header_id|>\n\n  2+2 = ?\n<|eot_id|>
      198, 128006, 882, 128007, 271, 220, 220, 17, 10, 17, 284, 18072, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
  },
  'shareai-instruct': {
    oneTurn: [
      // <|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>
      128000, 128006, 882, 128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
    oneTurnWithSystem: [
      // <|begin_of_text|><<SYS>>\nBe brief. 简短。\n<</SYS>>\n\n<|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|
      // >
      128000, 2501, 39031, 40171, 3513, 10015, 13, 108166, 222, 106649, 9174, 27, 524, 39031, 58645, 128006, 882,
      128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
    twoTurns: [
      // <|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|>
      128000, 128006, 882, 128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\nHi there.<|eot_id|>
      128006, 78191, 128007, 271, 13347, 1070, 13, 128009,
      // <|start_header_id|>user<|end_header_id|>\n\nWho are you? 🦙<|eot_id|>
      128006, 882, 128007, 271, 15546, 527, 499, 30, 11410, 99, 247, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
    threeTurnsWithSystem: [
      // <|begin_of_text|><<SYS>>\nBe brief. 简短。\n<</SYS>>\n\n<|start_header_id|>user<|end_header_id|>\n\n你好<|eot_id|
      // >
      128000, 2501, 39031, 40171, 3513, 10015, 13, 108166, 222, 106649, 9174, 27, 524, 39031, 58645, 128006, 882,
      128007, 271, 57668, 53901, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\nHi there.<|eot_id|>
      128006, 78191, 128007, 271, 13347, 1070, 13, 128009,
      // <|start_header_id|>user<|end_header_id|>\n\nWho are you? 🦙<|eot_id|>
      128006, 882, 128007, 271, 15546, 527, 499, 30, 11410, 99, 247, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n羊驼。<|eot_id|>
      128006, 78191, 128007, 271, 123815, 77180, 120, 1811, 128009,
      // <|start_header_id|>user<|end_header_id|>\n\n  2+2 = ?\n<|eot_id|>
      128006, 882, 128007, 271, 220, 220, 17, 10, 17, 284, 18072, 128009,
      // <|start_header_id|>assistant<|end_header_id|>\n\n
      128006, 78191, 128007, 271,
    ],
  },
  'alpaca-2': {
    oneTurn: [
      // <s>[INST] <<SYS>>\nYou are a helpful assistant. 你是一个乐于助人的助手。\n<</SYS>>\n\n你好 [/INST]
      1, 518, 25580, 29962, 3532, 14816, 29903, 6778, 13, 3492, 526, 263, 8444, 20255, 29889, 29871, 30919, 30392,
      30287, 30502, 31616, 30909, 31931, 30313, 30210, 31931, 30880, 30267, 13, 29966, 829, 14816, 29903, 6778, 13,
      13, 30919, 31076, 518, 29914, 25580, 29962,
    ],
    oneTurnWithSystem: [
      // <s>[INST] <<SYS>>\nBe brief. 简短。\n<</SYS>>\n\n你好 [/INST]
      1, 518, 25580, 29962, 3532, 14816, 29903, 6778, 13, 3629, 11473, 29889, 29871, 234, 177, 131, 234, 162, 176,
      30267, 13, 29966, 829, 14816, 29903, 6778, 13, 13, 30919, 31076, 518, 29914, 25580, 29962,
    ],
    twoTurns: [
      // <s>[INST] <<SYS>>\nYou are a helpful assistant. 你是一个乐于助人的助手。\n<</SYS>>\n\n你好 [/INST] Hi there.</s>
      1, 518, 25580, 29962, 3532, 14816, 29903, 6778, 13, 3492, 526, 263, 8444, 20255, 29889, 29871, 30919, 30392,
      30287, 30502, 31616, 30909, 31931, 30313, 30210, 31931, 30880, 30267, 13, 29966, 829, 14816, 29903, 6778, 13,
      13, 30919, 31076, 518, 29914, 25580, 29962, 6324, 727, 29889, 2,
      // <s>[INST] Who are you? 🦙 [/INST]
      1, 518, 25580, 29962, 11644, 526, 366, 29973, 29871, 243, 162, 169, 156, 518, 29914, 25580, 29962,
    ],
    threeTurnsWithSystem: [
      // <s>[INST] <<SYS>>\nBe brief. 简短。\n<</SYS>>\n\n你好 [/INST] Hi there.</s>
      1, 518, 25580, 29962, 3532, 14816, 29903, 6778, 13, 3629, 11473, 29889, 29871, 234, 177, 131, 234, 162, 176,
      30267, 13, 29966, 829, 14816, 29903, 6778, 13, 13, 30919, 31076, 518, 29914, 25580, 29962, 6324, 727, 29889, 2,
      // <s>[INST] Who are you? 🦙 [/INST] 羊驼。</s>
      1, 518, 25580, 29962, 11644, 526, 366, 29973, 29871, 243, 162, 169, 156, 518, 29914, 25580, 29962, 29871, 234,
      193, 141, 236, 172, 191, 30267, 2,
      // <s>[INST]   2+2 = ?\n [/INST]
      1, 518, 25580, 29962, 1678, 29906, 29974, 29906, 353, 1577, 13, 518, 29914, 25580, 29962,
    ],
  },
  alpaca: {
    oneTurn: [
      // <s>Below is an instruction that describes a task. Write a response that appropriately completes the request.
      // \n\n### Instruction:\n\n你好\n\n### Response:\n\n
      1, 13866, 338, 385, 15278, 393, 16612, 263, 3414, 29889, 14350, 263, 2933, 393, 7128, 2486, 1614, 2167, 278,
      2009, 29889, 13, 13, 2277, 29937, 2799, 4080, 29901, 13, 13, 30919, 31076, 13, 13, 2277, 29937, 13291, 29901,
      13, 13,
    ],
    oneTurnWithSystem: [
      // <s>Be brief. 简短。\n\n### Instruction:\n\n你好\n\n### Response:\n\n
      1, 1522, 11473, 29889, 29871, 234, 177, 131, 234, 162, 176, 30267, 13, 13, 2277, 29937, 2799, 4080, 29901, 13,
      13, 30919, 31076, 13, 13, 2277, 29937, 13291, 29901, 13, 13,
    ],
    twoTurns: [
      // <s>Below is an instruction that describes a task. Write a response that appropriately completes the request.
      // \n\n### Instruction:\n\n你好\n\n### Response:\n\nHi there.\n\n### Instruction:\n\nWho are you? 🦙\n\n### Respon
      // se:\n\n
      1, 13866, 338, 385, 15278, 393, 16612, 263, 3414, 29889, 14350, 263, 2933, 393, 7128, 2486, 1614, 2167, 278,
      2009, 29889, 13, 13, 2277, 29937, 2799, 4080, 29901, 13, 13, 30919, 31076, 13, 13, 2277, 29937, 13291, 29901,
      13, 13, 18567, 727, 29889, 13, 13, 2277, 29937, 2799, 4080, 29901, 13, 13, 22110, 526, 366, 29973, 29871, 243,
      162, 169, 156, 13, 13, 2277, 29937, 13291, 29901, 13, 13,
    ],
    threeTurnsWithSystem: [
      // <s>Be brief. 简短。\n\n### Instruction:\n\n你好\n\n### Response:\n\nHi there.\n\n### Instruction:\n\nWho are you?
      //  🦙\n\n### Response:\n\n羊驼。\n\n### Instruction:\n\n  2+2 = ?\n\n\n### Response:\n\n
      1, 1522, 11473, 29889, 29871, 234, 177, 131, 234, 162, 176, 30267, 13, 13, 2277, 29937, 2799, 4080, 29901, 13,
      13, 30919, 31076, 13, 13, 2277, 29937, 13291, 29901, 13, 13, 18567, 727, 29889, 13, 13, 2277, 29937, 2799, 4080,
      29901, 13, 13, 22110, 526, 366, 29973, 29871, 243, 162, 169, 156, 13, 13, 2277, 29937, 13291, 29901, 13, 13,
      234, 193, 141, 236, 172, 191, 30267, 13, 13, 2277, 29937, 2799, 4080, 29901, 13, 13, 259, 29906, 29974, 29906,
      353, 1577, 13, 13, 13, 2277, 29937, 13291, 29901, 13, 13,
    ],
  },
  chatml: {
    oneTurn: [
      // <|im_start|>user\n你好<|im_end|>
      151644, 872, 198, 108386, 151645,
      // \n<|im_start|>assistant\n
      198, 151644, 77091, 198,
    ],
    oneTurnWithSystem: [
      // <|im_start|>system\nBe brief. 简短。<|im_end|>
      151644, 8948, 198, 3430, 9814, 13, 10236, 106, 222, 99534, 1773, 151645,
      // \n<|im_start|>user\n你好<|im_end|>
      198, 151644, 872, 198, 108386, 151645,
      // \n<|im_start|>assistant\n
      198, 151644, 77091, 198,
    ],
    twoTurns: [
      // <|im_start|>user\n你好<|im_end|>
      151644, 872, 198, 108386, 151645,
      // \n<|im_start|>assistant\nHi there.<|im_end|>
      198, 151644, 77091, 198, 13048, 1052, 13, 151645,
      // \n<|im_start|>user\nWho are you? 🦙<|im_end|>
      198, 151644, 872, 198, 15191, 525, 498, 30, 11162, 99, 247, 151645,
      // \n<|im_start|>assistant\n
      198, 151644, 77091, 198,
    ],
    threeTurnsWithSystem: [
      // <|im_start|>system\nBe brief. 简短。<|im_end|>
      151644, 8948, 198, 3430, 9814, 13, 10236, 106, 222, 99534, 1773, 151645,
      // \n<|im_start|>user\n你好<|im_end|>
      198, 151644, 872, 198, 108386, 151645,
      // \n<|im_start|>assistant\nHi there.<|im_end|>
      198, 151644, 77091, 198, 13048, 1052, 13, 151645,
      // \n<|im_start|>user\nWho are you? 🦙<|im_end|>
      198, 151644, 872, 198, 15191, 525, 498, 30, 11162, 99, 247, 151645,
      // \n<|im_start|>assistant\n羊驼。<|im_end|>
      198, 151644, 77091, 198, 101187, 116232, 1773, 151645,
      // \n<|im_start|>user\n  2+2 = ?\n<|im_end|>
      198, 151644, 872, 198, 220, 220, 17, 10, 17, 284, 17607, 151645,
      // \n<|im_start|>assistant\n
      198, 151644, 77091, 198,
    ],
  },
}
