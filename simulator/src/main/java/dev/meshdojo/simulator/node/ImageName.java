package dev.meshdojo.simulator.node;

import java.util.Locale;

/**
 * An image reference taken apart.
 *
 * @param registry {@code docker.io} when none is named
 * @param repository without registry; {@code library/} stands before official images
 * @param tag {@code latest} when neither tag nor digest is named
 */
record ImageName(String registry, String repository, String tag) {

    static ImageName parse(String image) {
        String rest = image;
        String tag = "latest";
        int digest = rest.indexOf('@');
        if (digest >= 0) {
            tag = rest.substring(digest + 1);
            rest = rest.substring(0, digest);
        }
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = digest >= 0 ? tag : rest.substring(colon + 1);
            rest = rest.substring(0, colon);
        }
        int slash = rest.indexOf('/');
        String first = slash < 0 ? "" : rest.substring(0, slash);
        if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
            return new ImageName(first, rest.substring(slash + 1), tag);
        }
        return new ImageName("docker.io", slash < 0 ? "library/" + rest : rest, tag);
    }

    /** Why a reference is none, as the kubelet words it; empty when it is one. */
    static String invalid(String image) {
        String repository = parse(image).repository();
        return repository.equals(repository.toLowerCase(Locale.ROOT))
                ? ""
                : "couldn't parse image name \"%s\": invalid reference format: repository name (%s) must be lowercase"
                        .formatted(image, repository);
    }

    /** The repository's last part, such as {@code proxyv2}. */
    String base() {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }

    /** As containerd writes it, {@code docker.io/library/nginx:1.27}. */
    String full() {
        return registry + "/" + repository + (tag.startsWith("sha256:") ? "@" : ":") + tag;
    }

    /** Why a registry does not hand it out, as containerd words it. */
    String pullFailure(String given) {
        String cause =
                registry.equals("docker.io")
                        ? "pull access denied, repository does not exist or may require"
                                + " authorization: server message: insufficient_scope:"
                                + " authorization failed"
                        : "failed to do request: Head \"https://"
                                + registry
                                + "/v2/"
                                + repository
                                + "/manifests/"
                                + tag
                                + "\": dial tcp: lookup "
                                + registry
                                + " on 10.96.0.10:53: no such host";
        return "failed to pull and unpack image \""
                + full()
                + "\": failed to resolve reference \""
                + full()
                + "\": "
                + cause;
    }
}
