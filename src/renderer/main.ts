import { mount } from 'svelte';
import AppView from './App.svelte';
import { App } from './state/app.svelte.ts';
import './theme/theme.css';
import './theme/base.css';
import { openElectron } from './transport/electron.ts';
import { takeToken } from './transport/token.ts';
import { openWeb } from './transport/web.ts';

// The page's entry point: the one module here that does something when it is loaded.
const host = window.lineamentHost ?? null;
const token = host === null ? takeToken({ location, history, storage: sessionStorage }) : null;
const app = new App(() => (host === null ? openWeb(token) : openElectron(window)), host);
const target = document.getElementById('app');
if (target !== null) mount(AppView, { target, props: { app } });
void app.connection.start();
