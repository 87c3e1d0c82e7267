package dev.meshdojo.simulator.apiserver.webhook;

/** A webhook could not be asked, or its answer could not be used; the message says why. */
final class WebhookFailure extends Exception {

    private static final long serialVersionUID = 1L;

    WebhookFailure(String message) {
        super(message);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
