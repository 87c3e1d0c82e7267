package dev.meshdojo.simulator.analysis;

/** How bad a finding is, the worst first. */
public enum Level {
    ERROR("Error"),
    WARNING("Warning"),
    INFO("Info");

    private final String word;

    Level(String word) {
        this.word = word;
    }

    /** The word that istioctl prints. */
    public String word() {
        return word;
    }
}
