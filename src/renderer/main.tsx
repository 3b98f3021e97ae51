import './app/theme.css'

// Apart from this file, so that the mark in index.html is painted while the app is fetched and compiled.
void import('./app/start.tsx')
