package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request that the API server refused. Carries the Kubernetes {@code Status} object a client
 * would get.
 */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final transient ObjectNode status;

    /**
     * @param code the HTTP status
     * @param reason Kubernetes' machine-readable reason, such as {@code NotFound}
     * @param message what a person reads
     * @param status the whole {@code Status} object
     */
    public ApiException(int code, String reason, String message, ObjectNode status) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.status = status;
    }

    /** The HTTP status code. */
    public int code() {
        return code;
    }

    /** Kubernetes' machine-readable reason. */
    public String reason() {
        return reason;
    }

    /** The {@code Status} object as sent to clients; do not change it. */
    public ObjectNode status() {
        return status;
    }
}
