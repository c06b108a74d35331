DROP TABLE site_file;
DROP TABLE throttle;
