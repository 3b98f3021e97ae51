export const common = {
  cancel: 'Cancel',
  close: 'Close',
  undo: 'Undo',
  more: 'More actions',
  notice: 'Notices',
  reset: 'Reset to default',
  reconnecting: 'The connection to Yangtuo is lost. Trying again…',
  areaFailed: 'This part of the window has stopped working. What you wrote is kept.',
  tryAgain: 'Try again',
}
