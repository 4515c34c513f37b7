@echo off
rem The app is no console program, but from a batch file it is waited for, and it writes to the console it was started from.
"%~dp0COS Ferry.exe" --command-line %*
exit /b %ERRORLEVEL%
