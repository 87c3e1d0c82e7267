package dev.meshdojo.simulator.apiserver.builtin.validation;

import java.util.List;

/** Addresses and blocks that are read, but not written as they should be. */
final class AddressWarnings {

    private AddressWarnings() {}

    static void address(At at, List<String> warnings) {
        String text = at.text();
        String canonical = Addresses.canonical(text);
        if (canonical == null || canonical.equals(text)) {
            return;
        }
        if (!text.contains(":") || !canonical.contains(":")) {
            warnings.add(
                    at.path()
                            + ": non-standard IP address \""
                            + text
                            + "\" will be considered invalid in a future Kubernetes release: use \""
                            + canonical
                            + "\"");
        } else {
            warnings.add(
                    at.path()
                            + ": IPv6 address \""
                            + text
                            + "\" should be in RFC 5952 canonical format (\""
                            + canonical
                            + "\")");
        }
    }

    static void cidr(At at, List<String> warnings) {
        String text = at.text();
        Addresses.Block block = Addresses.block(text);
        if (block == null) {
            return;
        }
        String network = block.network();
        boolean found = false;
        if (!block.atItsStart()) {
            warnings.add(
                    at.path()
                            + ": CIDR value \""
                            + text
                            + "\" is ambiguous in this context (should be \""
                            + network
                            + "\" or \""
                            + block.single()
                            + "\"?)");
            found = true;
        }
        String written = text.substring(0, text.indexOf('/'));
        String canonical = Addresses.canonical(written);
        boolean sloppy =
                (!written.contains(":") && !written.equals(canonical))
                        || (written.contains(":") && canonical != null && !canonical.contains(":"))
                        || !text.endsWith("/" + block.bits());
        if (sloppy) {
            warnings.add(
                    at.path()
                            + ": non-standard CIDR value \""
                            + text
                            + "\" will be considered invalid in a future Kubernetes release: use \""
                            + network
                            + "\"");
            found = true;
        }
        if (!found && written.contains(":") && !written.equals(canonical)) {
            warnings.add(
                    at.path()
                            + ": IPv6 CIDR value \""
                            + text
                            + "\" should be in RFC 5952 canonical format (\""
                            + canonical
                            + "/"
                            + block.bits()
                            + "\")");
        }
    }
}
