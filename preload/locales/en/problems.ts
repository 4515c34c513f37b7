import type { ProblemCode } from '../../problem-codes.ts';

/** For every problem: what happened, and what to do about it. */
export const problems = {
  'label-empty': {
    what: 'The account has no name yet.',
    todo: 'Give it a name you will recognise, such as the team or the project.',
  },
  'label-taken': {
    what: 'There is already an account called “{{label}}”.',
    todo: 'Choose another name.',
  },
  'secret-id-empty': {
    what: 'The SecretId is missing.',
    todo: 'Copy it from API Keys in the Tencent Cloud console. It starts with AKID.',
  },
  'secret-key-empty': {
    what: 'The SecretKey is missing.',
    todo: 'Copy it from where you saved it when the key was created.',
  },
  'endpoint-invalid': {
    what: '“{{value}}” is not an address the API can be reached at.',
    todo: 'Enter a web address such as https://ms.example.com, or leave the field empty.',
  },
  'cos-domain-invalid': {
    what: '“{{value}}” is not a COS domain.',
    todo: 'Enter a host name such as cos.example.com, optionally with a port or with {Bucket} and {Region}, or leave the field empty.',
  },
  'keychain-unavailable': {
    what: 'This computer has no keychain the SecretKey could be kept in.',
    todo: 'Keep the key until you quit COS Ferry, or set up a keychain (on Linux, GNOME Keyring or KWallet) and try again.',
  },
  'keychain-locked': {
    what: 'The keychain is locked.',
    todo: 'Unlock it and try again, or keep the key only until you quit COS Ferry.',
  },
  'key-missing': {
    what: 'The SecretKey of “{{label}}” is no longer on this computer.',
    todo: 'Add the account again under the same name, with its key.',
  },
  'key-not-deleted': {
    what: 'The SecretKey could not be deleted from the keychain, so the account was kept.',
    todo: 'Unlock the keychain, then remove the account again.',
  },
  'secret-id-unknown': {
    what: 'Tencent Cloud does not know this SecretId.',
    todo: 'Compare it with the console. The key may have been deleted, or it may belong to the other site (China or International).',
  },
  'secret-key-wrong': {
    what: 'The SecretKey does not match the SecretId.',
    todo: 'Copy both from the same key again, without spaces around them.',
  },
  'key-refused': {
    what: 'Tencent Cloud did not accept this key.',
    todo: 'Check in the console that the key is enabled, and that the account is on the right site.',
  },
  'key-not-permitted': {
    what: 'This key is not allowed to ask for a temporary credential.',
    todo: 'Ask whoever manages the account to give this user access to the service in Cloud Access Management (CAM).',
  },
  'clock-wrong': {
    what: 'This computer’s clock is more than five minutes off, so Tencent Cloud refuses its requests.',
    todo: 'Turn on automatic date and time in the system settings, then try again.',
  },
  'rate-limited': {
    what: 'Too many requests were made with this account in a short time.',
    todo: 'Wait a minute and try again.',
  },
  'service-internal': {
    what: 'The service ran into an error of its own.',
    todo: 'Try again in a few minutes. If it keeps happening, send the RequestId to Tencent Cloud support.',
  },
  'service-no-answer': {
    what: 'The service could not answer.',
    todo: 'Try again in a few minutes.',
  },
  'service-unavailable': {
    what: 'The service is not available to this account at the moment.',
    todo: 'Check in the console that the service is activated and not in arrears, then try again.',
  },
  'application-unknown': {
    what: 'There is no application “{{applicationId}}” in this account.',
    todo: 'Copy the application ID from the Cloud Application Rendering console, and check that this is the right account.',
  },
  'application-locked': {
    what: 'The application “{{applicationId}}” is locked, most likely because another version of it is being processed.',
    todo: 'Wait until that is finished, then try again.',
  },
  'service-failed': {
    what: 'The service could not do what was asked.',
    todo: 'Try again. If it fails again, send the RequestId to Tencent Cloud support.',
  },
  'parameter-refused': {
    what: 'The service did not accept the request.',
    todo: 'Check the region, the validity and the application ID.',
  },
  'parameter-value-refused': {
    what: 'The service did not accept one of the values.',
    todo: 'Check the region, the validity and the application ID.',
  },
  'operation-denied': {
    what: 'The service does not allow this at the moment.',
    todo: 'Check the state of the application and of the account in the console.',
  },
  'service-other': {
    what: 'The service answered with an error that COS Ferry does not know.',
    todo: 'The details have its code. Try again, or send the RequestId to Tencent Cloud support.',
  },
  'service-reply-unusable': {
    what: 'The service answered, but “{{field}}” in its answer cannot be used.',
    todo: 'Try again. If it fails again, send the RequestId to Tencent Cloud support.',
  },
  'network-unreachable': {
    what: '{{host}} cannot be reached.',
    todo: 'Check the network connection and, if you use one, the proxy or VPN.',
  },
  'network-timeout': {
    what: '{{host}} took too long to answer.',
    todo: 'Check the network connection, then try again.',
  },
  'application-id-missing': {
    what: 'The application ID is missing.',
    todo: 'Enter the ID of the application this package is for. The console shows it beside the application’s name.',
  },
  'application-id-malformed': {
    what: '“{{applicationId}}” cannot be an application ID.',
    todo: 'Copy the ID from the console. It looks like app-fcegkdfa.',
  },
  'region-malformed': {
    what: '“{{region}}” cannot be a region.',
    todo: 'Choose one from the list, or enter one such as ap-guangzhou.',
  },
  'destination-locked': {
    what: 'The destination is locked.',
    todo: 'Unlock it beside the destination, then choose another one.',
  },
  'duration-out-of-range': {
    what: 'A temporary credential cannot be valid for that long or that short.',
    todo: 'Enter a time such as 30 min or 2 h, or leave the field empty for one hour.',
  },
  'source-missing': {
    what: '“{{name}}” is not there.',
    todo: 'It may have been moved or deleted. Drop it again from where it is now.',
  },
  'source-unreadable': {
    what: '“{{name}}” cannot be read.',
    todo: 'Check that you may open it and that no other program is holding it, then retry.',
  },
  'source-vanished': {
    what: '“{{name}}” disappeared while it was being uploaded.',
    todo: 'Put it back and retry, or drop the folder again without it.',
  },
  'source-changed': {
    what: '“{{name}}” changed while it was being uploaded.',
    todo: 'Wait until whatever writes to it is finished, then retry.',
  },
  'source-empty-folder': {
    what: 'The folder “{{name}}” is empty.',
    todo: 'Put something into it, then drop it again.',
  },
  'source-nothing-to-send': {
    what: 'Nothing in “{{name}}” can be uploaded.',
    todo: 'It only holds links and special files, which are left out. Drop the folder that has the real files.',
  },
  'source-not-a-file': {
    what: '“{{name}}” is neither a file nor a folder.',
    todo: 'Devices, pipes and sockets cannot be uploaded. Drop a file or a folder.',
  },
  'source-too-large': {
    what: '“{{name}}” is larger than one object may be.',
    todo: 'Split it into smaller packages.',
  },
  'name-unsafe': {
    what: 'The name “{{name}}” contains a backslash, an invisible control character or half of a character.',
    todo: 'Such a name means something else on other systems. Rename it, then retry.',
  },
  'name-too-long': {
    what: 'The name of “{{name}}” would have {{bytes}} bytes in the bucket, and {{limit}} are the limit.',
    todo: 'Shorten the file’s name or the names of its folders, then drop it again.',
  },
  'duplicate-object': {
    what: '“{{name}}” and “{{other}}” would have the same name in the bucket.',
    todo: 'Rename one of them, or drop them one after the other.',
  },
  'dropped-no-file': {
    what: '“{{name}}” was not uploaded: the system did not say where it is.',
    todo: 'Is it a picture out of a browser, or attached to a mail? Save it in a folder, then drop it from there. If it is in a folder already, rename it: its name may have characters that this system cannot express.',
  },
  'dropped-no-files': {
    what: '{{items, number}} of the dropped items were not uploaded, such as “{{name}}”: the system did not say where they are.',
    todo: 'Are they pictures out of a browser, or attached to a mail? Save them in a folder, then drop them from there. If they are in a folder already, rename them: their names may have characters that this system cannot express. The details have all of their names.',
  },
  'dropped-nothing': {
    what: 'There is no file in what was dropped.',
    todo: 'Something attached to a mail, or shown by another program, has to be saved in a folder first. Drop it from there.',
  },
  'credential-expired': {
    what: 'The temporary credential ran out before the upload was finished.',
    todo: 'Retry: a new one is fetched first.',
  },
  'store-access-denied': {
    what: 'COS did not allow this upload.',
    todo: 'Refresh the temporary credential and retry. If it fails again, send the RequestId to Tencent Cloud support.',
  },
  'store-clock-wrong': {
    what: 'This computer’s clock is too far off, so COS refuses its requests.',
    todo: 'Turn on automatic date and time in the system settings, then retry.',
  },
  'store-refused': {
    what: 'COS did not accept the request.',
    todo: 'The details say why. Retry, or send the RequestId to Tencent Cloud support.',
  },
  'store-failed': {
    what: 'COS kept failing, even after several attempts.',
    todo: 'Retry in a few minutes.',
  },
  'store-not-trusted': {
    what: '{{host}} could not prove with a valid certificate that it is who it says it is, so nothing was sent to it.',
    todo: 'Check the account’s addresses and this computer’s date. A proxy or virus scanner that looks into encrypted connections can also be the cause: ask whoever runs the network.',
  },
  'store-no-bucket': {
    what: 'The bucket “{{bucket}}” does not exist.',
    todo: 'Refresh the temporary credential. With a private cloud, check the account’s COS domain.',
  },
  'not-verified': {
    what: 'What arrived in the bucket is not what was sent (CRC64 {{actual}} instead of {{expected}}).',
    todo: 'Do not use the object. Retry to upload it again.',
  },
  'abort-failed': {
    what: 'The upload was stopped, but COS could not be told to discard the parts already sent.',
    todo: 'COS keeps them until they are discarded in the bucket or by its lifecycle rules.',
  },
  'maybe-stored': {
    what: 'The upload was cancelled while COS was storing the object, so the object may be in the bucket all the same.',
    todo: 'COS could not be asked about it. Look in the bucket, and delete the object there if it is not wanted.',
  },
  'parts-left': {
    what: 'COS could not be told to discard the parts of an earlier try of this upload.',
    todo: 'COS keeps them until they are discarded in the bucket or by its lifecycle rules; the object itself is not affected.',
  },
  'store-busy': {
    what: 'COS cannot take this upload at the moment: it keeps answering with errors.',
    todo: 'There is nothing to do. COS Ferry keeps trying for an hour and goes on by itself once COS can.',
  },
  'service-busy': {
    what: 'The service cannot give out a temporary credential at the moment: it keeps answering with errors.',
    todo: 'There is nothing to do. COS Ferry keeps trying for an hour and goes on by itself once the service can.',
  },
  'no-answer': {
    what: '{{host}} has not answered for a while, and this upload waits for it.',
    todo: 'If it stays that way, check that server and, if you use one, the proxy or VPN. COS Ferry keeps trying and goes on by itself once there is an answer.',
  },
  'started-over-scope': {
    what: 'The new temporary credential is for another place, so this upload started over there.',
    todo: 'There is nothing to do. If it happens again, the upload is too slow for the life of one credential: pause other uploads or use a faster connection.',
  },
  'credential-not-kept': {
    what: 'There is no keychain that could be used here, so the temporary credentials of unfinished uploads are not kept.',
    todo: 'Where every new credential is for another place, “resume” starts over, and the parts already sent stay at COS until its lifecycle rules discard them. A keychain that is unlocked prevents that.',
  },
  'started-over-parts': {
    what: 'COS no longer has the parts that were sent earlier, so this upload started over.',
    todo: 'There is nothing to do.',
  },
  'key-too-short': {
    what: 'At this speed the rest takes about {{minutesNeeded, number}} min, but the temporary credential ends in {{minutesLeft, number}} min, and the next one is for another place.',
    todo: 'Pause other uploads, lift the bandwidth limit or use a faster connection. Otherwise this upload starts over when the credential ends.',
  },
  'sandbox-unavailable': {
    what: 'The sandbox on this computer could not start.',
    todo: 'Restart COS Ferry. Your own accounts are not affected.',
  },
  'settings-unreadable': {
    what: 'The settings in {{file}} could not be read, so COS Ferry started without them.',
    todo: 'The file was kept beside it. Your keys are safe in the keychain; add the accounts again to use them.',
  },
  'settings-not-saved': {
    what: 'The settings could not be saved to {{file}}.',
    todo: 'Check that the disk has room and that you may write there.',
  },
  'history-not-kept': {
    what: 'The history in {{file}} could not be read or written.',
    todo: 'Uploads are not affected. Check that the disk has room and that you may write there.',
  },
  'proxy-malformed': {
    what: '“{{value}}” is not a proxy’s address.',
    todo: 'Enter one such as http://proxy.example.com:8080 or socks5://127.0.0.1:1080, without a name or password.',
  },
  'export-failed': {
    what: 'The history could not be saved to {{file}}.',
    todo: 'Check that the disk has room and that you may write there, or choose another folder.',
  },
  'login-item-refused': {
    what: 'The system did not let COS Ferry start at login.',
    todo: 'Add it to the login items in the system settings.',
  },
  'journal-unreadable': {
    what: 'The record of an unfinished upload could not be read, so it was set aside as {{file}}.',
    todo: 'If an upload is missing from the list, drop its file or folder again. The others are not affected.',
  },
  'nothing-to-show': {
    what: 'The object is no longer in the sandbox.',
    todo: 'Upload it again to see it there.',
  },
  'request-invalid': {
    what: 'COS Ferry could not make sense of that.',
    todo: 'Try it once more. If it happens again, restart the app.',
  },
  'requests-too-many': {
    what: 'The window asked for too much at once.',
    todo: 'Wait a moment and try again. If it happens again, restart the app.',
  },
  'not-agreed': {
    what: 'The account was not added, because you did not agree to it.',
    todo: 'Add it again and agree when you are asked. If you never filled in this form, quit the app and report it.',
  },
  interrupted: {
    what: 'COS Ferry was closed before this upload was finished.',
    todo: 'Retry to go on with it.',
  },
  unexpected: {
    what: 'Something went wrong that COS Ferry did not expect.',
    todo: 'Try again. If it happens again, copy the details and report them.',
  },
} as const satisfies Record<ProblemCode, { readonly what: string; readonly todo: string }>;
