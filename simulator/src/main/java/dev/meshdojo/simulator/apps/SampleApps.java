package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.apps.nginx.Nginx;
import org.jspecify.annotations.Nullable;

/** The sample applications by image repository. */
public final class SampleApps {

    private SampleApps() {}

    /**
     * The program of an image, or null when the image is none of them.
     *
     * @param repository without registry and tag, such as {@code istio/examples-helloworld-v1}
     */
    public static @Nullable Workload find(String repository) {
        String base = repository.substring(repository.lastIndexOf('/') + 1);
        return switch (base) {
            case "echo" -> repository.startsWith("meshdojo/") ? new EchoWorkload() : null;
            case "fake-service" -> new FakeService();
            case "httpbin" -> new Httpbin(false);
            case "go-httpbin" -> new Httpbin(true);
            case "http-echo" -> SmallApps::httpEcho;
            case "examples-helloworld-v1" -> SmallApps.helloworld("v1");
            case "examples-helloworld-v2" -> SmallApps.helloworld("v2");
            case "nginx" -> new Nginx(80);
            case "nginx-unprivileged" -> new Nginx(8080);
            default -> Bookinfo.of(base);
        };
    }

    /** The program that stands in for images nobody knows. */
    public static Workload generic() {
        return SmallApps::generic;
    }
}
