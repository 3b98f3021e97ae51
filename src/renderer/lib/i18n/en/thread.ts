export const thread = {}
