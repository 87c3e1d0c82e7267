package dev.meshdojo.simulator.apiserver.schema;

/** Field paths as Kubernetes prints them. */
final class Paths {

    private Paths() {}

    /**
     * A child's path.
     *
     * @param map whether the parent is a map, whose keys stand in brackets
     */
    static String child(String path, String name, boolean map) {
        if (map) {
            return path + "[" + name + "]";
        }
        return path.isEmpty() ? name : path + "." + name;
    }
}
