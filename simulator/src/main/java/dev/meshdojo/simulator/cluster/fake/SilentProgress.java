package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.simulator.istio.InstallProgress;

/** An installation that nobody watches. */
enum SilentProgress implements InstallProgress {
    INSTANCE;

    @Override
    public void status(String text) {}

    @Override
    public void line(String text) {}
}
