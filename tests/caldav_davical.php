<?php
// DAViCal below PHP's own server, for tests: what the configuration of a web server would do.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (!preg_match('#^/caldav\.php(/.*)?$#', $path, $found)) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = '/caldav.php';
$_SERVER['PATH_INFO'] = isset($found[1]) ? rawurldecode($found[1]) : '/';
chdir(__DIR__);
require __DIR__ . '/caldav.php';
