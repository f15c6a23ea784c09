export { Phone } from "./phone.js";
export { Call } from "./call.js";
export { JanusSession } from "./janus-session.js";
export { PluginHandle, pluginName } from "./plugin-handle.js";
export { ArgumentError, ConnectionError, JanusError, MediaError, PhoneError, PluginError, PluginErrorCode, StateError } from "./errors.js";
