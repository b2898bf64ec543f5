import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useT } from '../messages';
import { Button, IconButton } from './controls';
import { ErrorBox } from './feedback';

interface SheetProps { title: string; isOpen: boolean; onClose: () => void; children: ReactNode }

// From the bottom edge on a phone, in the middle on a desk.
export function Sheet({ title, isOpen, onClose, children }: SheetProps) {
  const t = useT();
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => { if (!open) onClose(); }} isDismissable className="overlay">
      <Modal className="sheet">
        <AriaDialog className="sheet-inside">
          <div className="sheet-head">
            <Heading slot="title">{title}</Heading>
            <IconButton icon="cross" label={t('act.close')} onPress={onClose} />
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps extends Omit<SheetProps, 'children'> { text: ReactNode; act: string; danger?: boolean; pending: boolean; error: unknown; onConfirm: () => void }

export function Confirm({ text, act, danger, pending, error, onConfirm, ...sheet }: ConfirmProps) {
  const t = useT();
  return (
    <Sheet {...sheet}>
      <div className="sheet-text">{text}</div>
      {error ? <ErrorBox act error={error} /> : null}
      <div className="sheet-acts">
        <Button look={danger ? 'danger' : 'primary'} wide isPending={pending} onPress={onConfirm}>{act}</Button>
        <Button look="plain" wide onPress={sheet.onClose}>{t('act.back')}</Button>
      </div>
    </Sheet>
  );
}
