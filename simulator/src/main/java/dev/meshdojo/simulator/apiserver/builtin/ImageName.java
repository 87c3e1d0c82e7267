package dev.meshdojo.simulator.apiserver.builtin;

import java.util.regex.Pattern;

/** Names of container images, in the grammar of the distribution project. */
final class ImageName {

    private static final int LONGEST = 255;
    private static final Pattern DOMAIN =
            Pattern.compile(
                    "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
                            + "(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
                            + "(?::[0-9]+)?|\\[[a-fA-F0-9:]+\\](?::[0-9]+)?");
    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern PATH = Pattern.compile(PART + "(?:/" + PART + ")*");
    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
    private static final Pattern DIGEST =
            Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

    private ImageName() {}

    /** Whether it is a name whose tag is {@code latest}, written or understood. */
    static boolean isLatest(String image) {
        String rest = image;
        int at = rest.indexOf('@');
        if (at >= 0) {
            if (!DIGEST.matcher(rest.substring(at + 1)).matches()) {
                return false;
            }
            rest = rest.substring(0, at);
        }
        int colon = rest.lastIndexOf(':');
        boolean tagged = colon > rest.lastIndexOf('/');
        String tag = tagged ? rest.substring(colon + 1) : "";
        String name = tagged ? rest.substring(0, colon) : rest;
        if (!isName(name) || (tagged && !TAG.matcher(tag).matches())) {
            return false;
        }
        return tagged ? tag.equals("latest") : at < 0;
    }

    private static boolean isName(String name) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean domain =
                first.contains(".")
                        || first.contains(":")
                        || first.equals("localhost")
                        || !first.equals(first.toLowerCase(java.util.Locale.ROOT));
        String path = domain ? name.substring(slash + 1) : name;
        String shown = domain ? name : "docker.io/" + (slash < 0 ? "library/" : "") + name;
        return !IDENTIFIER.matcher(name).matches()
                && PATH.matcher(path).matches()
                && (!domain || DOMAIN.matcher(first).matches())
                && shown.length() - (domain ? first.length() + 1 : "docker.io/".length())
                        <= LONGEST;
    }
}
