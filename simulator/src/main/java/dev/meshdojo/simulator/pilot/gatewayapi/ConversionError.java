package dev.meshdojo.simulator.pilot.gatewayapi;

/**
 * What is wrong with a route or listener.
 *
 * @param reason the condition's reason
 * @param message the condition's message
 */
record ConversionError(String reason, String message) {

    static final String NOT_PERMITTED = "RefNotPermitted";
    static final String NOT_FOUND = "BackendNotFound";
    static final String KIND = "InvalidKind";

    /** Whether only one backend is affected, so that the rest of the route stays in force. */
    boolean softens() {
        return reason.equals(NOT_PERMITTED) || reason.equals(NOT_FOUND) || reason.equals(KIND);
    }
}
