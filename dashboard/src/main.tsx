import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/kit.css';
import './styles/charts.css';
import './styles/overview.css';
import './styles/pages.css';
import './styles/run.css';
import { App } from './app.tsx';

render(<App />, document.getElementById('app')!);
