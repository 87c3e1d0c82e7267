package dev.meshdojo.gateway.listener;

import org.jspecify.annotations.Nullable;

/** What BoringSSL says of the first bytes of a connection that are no ClientHello's. */
final class FirstRecord {

    private static final int HANDSHAKE = 22;
    private static final int LONGEST = 0x4800;

    /** What is wrong, with the alert that a TLS server sends; 0 for none. */
    enum Fault {
        HTTP_REQUEST(0, 0x9c),
        HTTPS_PROXY_REQUEST(0, 0x9b),
        WRONG_VERSION_NUMBER(70, 0xf7),
        ENCRYPTED_LENGTH_TOO_LONG(22, 0x92),
        UNEXPECTED(10, 0xe1);

        private static final int LIBRARY = 0x10000000;

        private final int alert;
        private final int reason;

        Fault(int alert, int reason) {
            this.alert = alert;
            this.reason = reason;
        }

        int alert() {
            return alert;
        }

        private String words() {
            return "SSL routines:OPENSSL_internal:"
                    + (this == UNEXPECTED ? "UNEXPECTED_RECORD" : name())
                    + ":TLS_error_end";
        }

        /** As a TLS socket reports it. */
        String transportReason() {
            return "TLS_error:|" + (LIBRARY + reason) + ":" + words();
        }

        /** As the TLS inspector reports it. */
        String inspectorReason() {
            return "TLS_error|error:" + Integer.toHexString(LIBRARY + reason) + ":" + words();
        }
    }

    private FirstRecord() {}

    /** What is wrong with a connection that begins with these five bytes; null for nothing. */
    static @Nullable Fault fault(byte[] header) {
        String text = new String(header, java.nio.charset.StandardCharsets.ISO_8859_1);
        if (text.startsWith("GET ")
                || text.startsWith("POST ")
                || text.startsWith("HEAD ")
                || text.startsWith("PUT ")) {
            return Fault.HTTP_REQUEST;
        }
        if (text.equals("CONNE")) {
            return Fault.HTTPS_PROXY_REQUEST;
        }
        if (header[1] != 3) {
            return Fault.WRONG_VERSION_NUMBER;
        }
        if (((header[3] & 0xff) << 8 | (header[4] & 0xff)) > LONGEST) {
            return Fault.ENCRYPTED_LENGTH_TOO_LONG;
        }
        return header[0] == HANDSHAKE ? null : Fault.UNEXPECTED;
    }
}
