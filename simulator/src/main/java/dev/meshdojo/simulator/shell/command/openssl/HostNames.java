package dev.meshdojo.simulator.shell.command.openssl;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Whether a certificate is for a host, by its subject alternative names (RFC 6125). */
final class HostNames {

    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private HostNames() {}

    static boolean matches(X509Certificate certificate, String host) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return false;
        }
        if (names == null) {
            return false;
        }
        for (List<?> name : names) {
            String value = String.valueOf(name.get(1));
            if (name.get(0).equals(DNS) && covers(value, host)) {
                return true;
            }
            if (name.get(0).equals(ADDRESS) && value.equals(host)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String pattern, String host) {
        String name = host.toLowerCase(Locale.ROOT);
        String wanted = pattern.toLowerCase(Locale.ROOT);
        if (wanted.startsWith("*.")) {
            int dot = name.indexOf('.');
            return dot > 0 && name.substring(dot).equals(wanted.substring(1));
        }
        return wanted.equals(name);
    }
}
