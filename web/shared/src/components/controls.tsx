import type { ComponentProps, ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button';
import { FieldError, Input, Label, Text, TextField as AriaTextField, type TextFieldProps } from 'react-aria-components/TextField';
import { ToggleButton as AriaToggle, type ToggleButtonProps } from 'react-aria-components/ToggleButton';
import { useT } from '../messages';
import { Link } from '../router';
import { Icon, type IconName } from './icons';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

interface ButtonOwn { look?: Look; icon?: IconName; wide?: boolean; children?: ReactNode }

// While it works the button keeps the focus, says so, and cannot be pressed twice. (React Aria's own pending state
// leaves an empty picture behind in the page for screen readers, so it is not used.)
export function Button({ look = 'plain', icon, wide, children, isPending, onPress, ...rest }: ButtonOwn & Omit<ButtonProps, 'children' | 'className'>) {
  const t = useT();
  return (
    <AriaButton {...rest} {...(isPending ? { 'data-pending': true } : {})} {...(onPress && !isPending ? { onPress } : {})} className={`button button-${look}${wide ? ' button-wide' : ''}`}>
      {icon ? <Icon name={icon} size={22} /> : null}
      {children !== undefined ? <span>{children}</span> : null}
      {isPending ? <span className="visually-hidden">{t('act.pending')}</span> : null}
    </AriaButton>
  );
}

export function IconButton({ icon, label, ...rest }: { icon: IconName; label: string } & Omit<ButtonProps, 'children' | 'aria-label'>) {
  return <AriaButton {...rest} aria-label={label} className="icon-button"><Icon name={icon} /></AriaButton>;
}

export function Toggle({ icon, label, text, ...rest }: { icon?: IconName; label: string; text?: string } & Omit<ToggleButtonProps, 'children' | 'aria-label' | 'className'>) {
  return (
    <AriaToggle {...rest} aria-label={label} className="icon-button">
      {icon ? <Icon name={icon} /> : null}
      {text ? <span aria-hidden="true" className="icon-text">{text}</span> : null}
    </AriaToggle>
  );
}

export function ButtonLink({ look = 'plain', icon, wide, children, ...rest }: ButtonOwn & Omit<ComponentProps<typeof Link>, 'children' | 'className'>) {
  return (
    <Link {...rest} className={`button button-${look}${wide ? ' button-wide' : ''}`}>
      {icon ? <Icon name={icon} size={22} /> : null}
      <span>{children}</span>
    </Link>
  );
}

export { Link };

interface FieldOwn { label: string; help?: string | undefined; error?: string | undefined; inputMode?: 'numeric' | 'text' | 'search'; placeholder?: string; autoComplete?: string; maxLength?: number; min?: string }

export function TextField({ label, help, error, inputMode, placeholder, min, ...rest }: FieldOwn & Omit<TextFieldProps, 'children' | 'className'>) {
  return (
    <AriaTextField {...rest} isInvalid={Boolean(error)} className="field" validationBehavior="aria">
      <Label>{label}</Label>
      {help ? <Text slot="description">{help}</Text> : null}
      <Input {...(inputMode ? { inputMode } : {})} {...(placeholder ? { placeholder } : {})} {...(min ? { min } : {})} />
      <FieldError>{error}</FieldError>
    </AriaTextField>
  );
}
