package dev.meshdojo.simulator.check;

/** The HTTP status codes by which verdicts differ. */
final class HttpStatus {

    static final int CREATED = 201;
    static final int BAD_REQUEST = 400;
    static final int CONFLICT = 409;
    static final int INVALID = 422;

    private HttpStatus() {}
}
