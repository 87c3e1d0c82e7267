package dev.meshdojo.simulator.apiserver.schema;

/** A function that cannot give a value for its arguments, in Kubernetes' words. */
final class CelFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CelFailure(String message) {
        super(message);
    }
}
