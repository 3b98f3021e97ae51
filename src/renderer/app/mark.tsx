/** The mark: an alpaca's head in three strokes (neck and ear; tuft, face, throat; eye), in the text's colour. */
export function Mark({ className = '' }: { className?: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
    >
      <path d="M3.2 15.2V7.2C3.2 5.6 3.7 4.6 4.5 3.9C4 2.6 4.1 1.5 4.6 .8C5.7 1.2 6.4 2.1 6.6 3.1" />
      <path
        d="M6.6 3.1C7.5 2.1 9.6 2.1 10.4 3.4C10.9 4.2 11.1 4.9 11.2 5.6L13 6.3C14.5 7 14.4 9.5 12.5 9.5H10.2
          C9.6 11.3 9.7 13.3 10.1 15.2"
      />
      <path d="M8.3 6.1V6.3" />
    </svg>
  )
}
