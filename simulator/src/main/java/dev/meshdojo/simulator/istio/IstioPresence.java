package dev.meshdojo.simulator.istio;

import dev.meshdojo.simulator.apiserver.ApiServerExtension;
import dev.meshdojo.simulator.apiserver.ExtensionPoints;
import dev.meshdojo.simulator.istio.injection.SidecarInjection;

/**
 * What an installed istiod does inside the API server: injection of pods. Without an installation
 * it does nothing.
 */
public record IstioPresence() implements ApiServerExtension {

    @Override
    public void install(ExtensionPoints points) {
        points.admission(new SidecarInjection(points.api("istiod")));
    }
}
