import { Alert, Button, ConfigProvider } from 'antd';
import { Component, type ReactNode, useState } from 'react';
import type { Locale } from '../../../../shared/api-client/types.ts';
import { notLoaded } from '../texts/not-loaded.ts';

const NO_MOTION = { token: { motion: false } };

interface LoadBoundaryProps {
  locale: Locale;
  children: ReactNode;
}

/** Says so in the place of a part of the page that could not be loaded, and leaves the rest as it is. */
export class LoadBoundary extends Component<LoadBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <LoadFailure locale={this.props.locale} /> : this.props.children;
  }
}

/** Says so in the language that was asked for, with the way to load the page anew. */
export function LoadFailure({ locale }: { locale: Locale }) {
  const { message, retry } = notLoaded[locale];
  const [reloading, setReloading] = useState(false);
  // A browser may keep a failed import for as long as the page is there, and a deployment renames the parts: only the page anew has them for certain.
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
    // Around the whole page there is none that asks for stillness.
    <ConfigProvider theme={NO_MOTION}>
      <Alert
        type="error"
        showIcon
        title={message}
        action={
          // What cannot be reached yet is said already.
          <Button loading={reloading} onClick={() => reload().catch(() => {})}>
            {retry}
          </Button>
        }
      />
    </ConfigProvider>
  );
}
