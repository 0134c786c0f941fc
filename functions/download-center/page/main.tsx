import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './page.css';
import { Root } from './root.tsx';

const place = document.getElementById('page');
if (!place) throw new Error('index.html has no place for the page');
createRoot(place).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
