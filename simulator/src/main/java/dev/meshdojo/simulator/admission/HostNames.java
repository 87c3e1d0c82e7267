package dev.meshdojo.simulator.admission;

/** How host names with a leading {@code *} relate, as text. Pure. */
public final class HostNames {

    private HostNames() {}

    /** Whether some name fits both. */
    public static boolean overlap(String a, String b) {
        boolean wildA = a.startsWith("*");
        boolean wildB = b.startsWith("*");
        if (wildA && wildB) {
            return a.length() < b.length()
                    ? b.substring(1).endsWith(a.substring(1))
                    : a.substring(1).endsWith(b.substring(1));
        }
        if (wildA) {
            return b.endsWith(a.substring(1));
        }
        return wildB ? a.endsWith(b.substring(1)) : a.equals(b);
    }

    /** Whether every name that fits {@code inner} fits {@code outer}. */
    public static boolean covers(String outer, String inner) {
        if (!outer.startsWith("*")) {
            return outer.equals(inner);
        }
        String suffix = outer.substring(1);
        return inner.startsWith("*")
                ? inner.length() >= outer.length() && inner.substring(1).endsWith(suffix)
                : inner.endsWith(suffix);
    }
}
