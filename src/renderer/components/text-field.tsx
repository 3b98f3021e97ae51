import { useId } from 'react'
import type { ComponentProps, ReactNode } from 'react'
import { useTextInputKeys } from '../lib/use-text-input-keys.ts'
import type { TextInputKeys } from '../lib/use-text-input-keys.ts'

type InputProps = Omit<ComponentProps<'input'>, 'value' | 'onChange' | keyof TextInputKeys>

interface TextFieldProps extends InputProps, TextInputKeys {
  label: string
  value: string
  onValueChange: (value: string) => void
  /** Under the field; what is wrong with the value. */
  error?: ReactNode
}

/** One line of text with its label above. */
export function TextField({ label, value, onValueChange, error, onSubmit, onCancel, ...rest }: TextFieldProps) {
  const id = useId()
  const keys = useTextInputKeys({ onSubmit, onCancel })
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        autoComplete="off"
        spellCheck={false}
        className="h-8 w-full rounded-control border border-line bg-page px-2.5 outline-none focus:border-accent
          aria-invalid:border-danger"
        {...rest}
        {...keys}
      />
      {error && (
        <p id={`${id}-error`} role="alert" className="text-small break-words">
          {error}
        </p>
      )}
    </div>
  )
}
