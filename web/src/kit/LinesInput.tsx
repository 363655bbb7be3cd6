import { Textarea, type TextareaProps } from '@mantine/core';

/** Text of a machine, a line each: in its own letters, and as high as it is long. */
export function LinesInput(props: TextareaProps) {
  return (
    <Textarea autosize spellCheck={false} styles={{ input: { fontFamily: 'var(--mono)' } }} {...props} />
  );
}
