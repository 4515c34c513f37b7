; The link, and "Open with" for what is usually uploaded. Only the list of what can open a kind is added to,
; never the default, which electron-builder's own fileAssociations would take over.
!macro openWith VERB_MACRO
  !insertmacro ${VERB_MACRO} "zip"
  !insertmacro ${VERB_MACRO} "rar"
  !insertmacro ${VERB_MACRO} "7z"
  !insertmacro ${VERB_MACRO} "apk"
  !insertmacro ${VERB_MACRO} "aab"
  !insertmacro ${VERB_MACRO} "ipa"
!macroend

!macro addOpenWith EXTENSION
  WriteRegNone SHELL_CONTEXT "Software\Classes\.${EXTENSION}\OpenWithProgids" "COSFerry.Package"
!macroend

!macro removeOpenWith EXTENSION
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.${EXTENSION}\OpenWithProgids" "COSFerry.Package"
!macroend

; Every account's WindowsApps folder is on its PATH. The place is named by a variable, because the
; command interpreter reads the file in another code page than this installer writes it in.
!define commandFile "$LOCALAPPDATA\Microsoft\WindowsApps\cos-ferry.cmd"

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\COSFerry.Package" "" "Package"
  WriteRegStr SHELL_CONTEXT "Software\Classes\COSFerry.Package\DefaultIcon" "" "$appExe,0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\COSFerry.Package\shell\open\command" "" '"$appExe" "%1"'
  !insertmacro openWith addOpenWith

  WriteRegStr SHELL_CONTEXT "Software\Classes\cos-ferry" "" "URL:COS Ferry"
  WriteRegStr SHELL_CONTEXT "Software\Classes\cos-ferry" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\cos-ferry\shell\open\command" "" '"$appExe" "%1"'

  FileOpen $0 "${commandFile}" w
  FileWrite $0 '@"%LOCALAPPDATA%\Programs\${APP_FILENAME}\cos-ferry.cmd" %*$\r$\n'
  FileClose $0
!macroend

!macro customUnInstall
  !insertmacro openWith removeOpenWith
  DeleteRegKey SHELL_CONTEXT "Software\Classes\COSFerry.Package"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\cos-ferry"
  Delete "${commandFile}"
!macroend
