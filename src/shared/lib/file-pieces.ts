/** Bytes of each piece that a file of chats travels in between a window and its host, the last one excepted. */
export const pieceBytes = 4_000_000
