package dev.meshdojo.simulator.istio;

/** Takes what istioctl shows while it works. Called from the installing thread. */
public interface InstallProgress {

    /** Replaces the line that tells what is going on; a terminal shows it in place. */
    void status(String text);

    /** A line that stays. */
    void line(String text);
}
