/**
 * How media gets into the server and out of it: uploads, pictures in JSON or behind a URL, and files to be fetched by
 * callers. Nothing here believes what a caller says about bytes; only headers are read, nothing is ever decoded. For the
 * server's own use.
 */
@NullMarked
package io.synapse.gateway.http.media;

import org.jspecify.annotations.NullMarked;
