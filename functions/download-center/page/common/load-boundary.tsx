import { Alert, Button, ConfigProvider } from 'antd';
import { Component, type ReactNode, useState } from 'react';
import type { Locale } from '../../../../shared/api-client/types.ts';
import { notLoaded } from '../texts/not-loaded.ts';

const NO_MOTION = { token: { motion: false } };

interface LoadBoundaryProps {
  locale: Locale;
  children: ReactNode;
}

/** Shows an error in place of a part of the page that could not be loaded, and leaves the rest unchanged. */
export class LoadBoundary extends Component<LoadBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <LoadFailure locale={this.props.locale} /> : this.props.children;
  }
}

/** Shows the error in the requested language, with a button that reloads the page. */
export function LoadFailure({ locale }: { locale: Locale }) {
  const { message, retry } = notLoaded[locale];
  const [reloading, setReloading] = useState(false);
  // A browser may keep a failed import for as long as the page exists, and a deployment renames the parts. Only a
  // reloaded page certainly gets them.
  const reload = async () => {
    setReloading(true);
    try {
      const { ok } = await fetch(location.href, { cache: 'no-store' });
      if (ok) location.reload();
    } finally {
      setReloading(false);
    }
  };
  return (
    // When this replaces the whole page, no outer provider turns motion off.
    <ConfigProvider theme={NO_MOTION}>
      <Alert
        type="error"
        showIcon
        title={message}
        action={
          // A failure needs no message: the alert already reports it.
          <Button loading={reloading} onClick={() => reload().catch(() => {})}>
            {retry}
          </Button>
        }
      />
    </ConfigProvider>
  );
}
