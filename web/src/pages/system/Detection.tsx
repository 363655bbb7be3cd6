import { Radio, Stack } from '@mantine/core';
import { type DetectionProfile, useSaveProfile } from '../../api/system.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';

const PROFILES: readonly { value: DetectionProfile; label: string; description: string }[] = [
  {
    value: 'auto',
    label: 'Automatic',
    description: 'Each link gets interval and multiplier from its jitter, its loss and the CPU that is left',
  },
  { value: 'fast', label: 'Fast', description: '10 ms, three missing: for machines in one room' },
  { value: 'lan', label: 'LAN', description: '20 ms, three missing' },
  { value: 'wan', label: 'WAN', description: '100 ms, five missing: for paths over the Internet' },
];

/** How quickly a dark link is noticed. Takes effect at once and interrupts nothing. */
export function Detection({ profile }: { profile: DetectionProfile }) {
  const save = useSaveProfile();
  const shown = save.isPending ? save.variables : profile;
  return (
    <Section
      title="Failure detection"
      note="How often the two ends of a link look for each other. Changing it interrupts nothing."
    >
      <FormError error={save.error} />
      <Radio.Group
        aria-label="Failure detection"
        value={shown}
        onChange={(value) => save.mutate(value as DetectionProfile)}
      >
        <Stack gap={10}>
          {PROFILES.map((each) => (
            <Radio key={each.value} {...each} />
          ))}
        </Stack>
      </Radio.Group>
    </Section>
  );
}
