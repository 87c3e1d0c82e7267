package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.ResponseHead;

/** Reads responses: status line, interim responses and framing. */
abstract class Http1ResponseReader extends Http1Reader {

    private int status;
    private int lines;
    private boolean keepAlive;
    private boolean minorZero;

    Http1ResponseReader(HeadLimits limits) {
        super(limits);
    }

    /** The method that is being answered. */
    abstract String method();

    /** Whether the request asked for another protocol. */
    abstract boolean upgradeRequested();

    abstract void onInterim(ResponseHead head);

    abstract void onResponse(ResponseHead head, boolean end);

    /** Whether the upstream keeps the connection. */
    final boolean keepAlive() {
        return keepAlive;
    }

    @Override
    final HeaderMap newHeaders() {
        return HeaderMap.ofResponse(12);
    }

    @Override
    final boolean mayBegin(byte first) {
        return first == 'H';
    }

    @Override
    final boolean onStartLine(byte[] line, int length) {
        lines = 0;
        boolean valid =
                length >= 12
                        && line[0] == 'H'
                        && line[1] == 'T'
                        && line[2] == 'T'
                        && line[3] == 'P'
                        && line[4] == '/'
                        && line[5] == '1'
                        && line[6] == '.'
                        && line[8] == ' '
                        && (length == 12 || line[12] == ' ');
        if (!valid) {
            return false;
        }
        minorZero = line[7] == '0';
        status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            status = status * 10 + digit;
        }
        return status >= 100;
    }

    @Override
    final boolean onHeader(HeaderMap headers, String name, String value) {
        if (++lines > maxLines()) {
            fail(Refusal.TOO_MANY_HEADERS);
            return false;
        }
        headers.add(name, value);
        return true;
    }

    @Override
    final void onHeadComplete(HeaderMap headers) {
        ResponseHead head = new ResponseHead(status, headers);
        if (status < 200 && status != 101) {
            expectAnotherHead();
            onInterim(head);
            return;
        }
        String connection = headers.get("connection");
        keepAlive =
                connection == null
                        ? !minorZero
                        : !Tokens.anyIs(headers.all("connection"), "close")
                                && (!minorZero
                                        || Tokens.anyIs(headers.all("connection"), "keep-alive"));
        String coding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        boolean connected = method().equals("CONNECT") && status >= 200 && status < 300;
        if (status == 101 || connected) {
            if (status == 101 && !upgradeRequested()) {
                fail(Refusal.CODEC_ERROR);
                return;
            }
            keepAlive = false;
            expectUntilClose();
            onResponse(head, false);
            return;
        }
        if (coding != null && length != null) {
            fail(Refusal.LENGTH_AND_CHUNKED);
            return;
        }
        if (method().equals("HEAD") || status == 204 || status == 304) {
            expectLength(0);
            onResponse(head, true);
        } else if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                fail(Refusal.TRANSFER_ENCODING);
                return;
            }
            expectChunks();
            onResponse(head, false);
        } else if (length != null) {
            long size = parse(length);
            if (size < 0 || headers.all("content-length").size() > 1) {
                fail(Refusal.CODEC_ERROR);
                return;
            }
            expectLength(size);
            onResponse(head, size == 0);
        } else {
            keepAlive = false;
            expectUntilClose();
            onResponse(head, false);
        }
    }

    private static long parse(String length) {
        if (length.isEmpty() || length.length() > 18) {
            return -1;
        }
        long size = 0;
        for (int i = 0; i < length.length(); i++) {
            int digit = length.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            size = size * 10 + digit;
        }
        return size;
    }
}
