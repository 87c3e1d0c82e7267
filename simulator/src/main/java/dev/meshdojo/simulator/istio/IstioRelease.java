package dev.meshdojo.simulator.istio;

/**
 * The release of Istio that this lab installs and whose behaviour it shows.
 *
 * @param version such as {@code 1.28.0}
 * @param hub where its images come from
 */
public record IstioRelease(String version, String hub) {

    /** The release that is installed unless a caller asks for another tag. */
    public static final IstioRelease CURRENT = new IstioRelease("1.30.0", "docker.io/istio");
}
