package dev.meshdojo.simulator.istio;

/** An installation that could not be done, in istioctl's words. */
public final class InstallException extends Exception {

    private static final long serialVersionUID = 1L;

    /** With what istioctl prints after {@code Error: }. */
    public InstallException(String message) {
        super(message);
    }

    /** With what istioctl prints after {@code Error: }, and what caused it. */
    public InstallException(String message, Throwable cause) {
        super(message, cause);
    }
}
