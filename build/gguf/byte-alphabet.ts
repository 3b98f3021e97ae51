/**
 * The alphabet of byte-level BPE: each of the 256 bytes has one printable
 * character that stands for it in vocabularies and merges (a space is "Ġ").
 */

function createByteAlphabet(): string[] {
  const alphabet: string[] = []
  let next = 256
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    alphabet.push(String.fromCharCode(printable ? byte : next++))
  }
  return alphabet
}

/** The character for each byte. */
export const BYTE_ALPHABET: readonly string[] = createByteAlphabet()

/** Spells text in the byte alphabet. */
export function toByteAlphabet(text: string): string {
  return Array.from(Buffer.from(text), (byte) => BYTE_ALPHABET[byte]).join('')
}
