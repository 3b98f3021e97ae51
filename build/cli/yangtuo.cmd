@echo off
rem `yangtuo` of the installed desktop app, on Windows: the app's own executable is a Node, too.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\..\Yangtuo.exe" "%~dp0..\app.asar\out\main\cli.js" %*
exit /b %errorlevel%
