package dev.meshdojo.simulator.apps.nginx;

/** A configuration that nginx does not start with; the message is nginx's. */
final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }

    static ConfigException at(Directive where, String message) {
        return new ConfigException(message + " in " + where.file() + ":" + where.line());
    }
}
